export {
  type InMemoryTaskTable,
  inMemoryTaskTable,
} from '../../prove/ports/in-memory-task-table.ts';
