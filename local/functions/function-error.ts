/** A failure of the function itself, such as what its handler threw or that its time was over, by the name that it has there. */
export class FunctionError extends Error {
  override readonly name: string;

  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}
