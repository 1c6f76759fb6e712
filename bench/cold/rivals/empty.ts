/** F0: what Node.js itself takes. */
export const handler = (): Promise<object> => Promise.resolve({ statusCode: 200 });
