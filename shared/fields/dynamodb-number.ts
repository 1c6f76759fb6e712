/** DynamoDB's limits for a number, but zero (developer guide, "Data types"). A double has 17 of the 38 digits at most. */
const LEAST_MAGNITUDE = 1e-130;
const MORE_THAN_MOST = 1e126;

/** Whether DynamoDB holds a double as a number. */
export function isNumberOfDynamodb(number: number): boolean {
  const magnitude = Math.abs(number);
  return magnitude === 0 || (magnitude >= LEAST_MAGNITUDE && magnitude < MORE_THAN_MOST);
}
