export { inMemoryDirectory } from '../../prove/ports/in-memory-directory.ts';
