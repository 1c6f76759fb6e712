import { findRoute } from '../../../prove/deploy/wiring/routes.ts';

const routes = ['$default', 'ANY /{proxy+}', 'GET /tasks/{id}', 'ANY /tasks/new', 'GET /tasks/new'];
const find = (method: string, path: string) => {
  const match = findRoute(
    routes.map((key) => ({ key })),
    method,
    path,
  );
  return [match?.route.key, match?.pathParameters];
};

test.each([
  ['GET', '/tasks/new', 'GET /tasks/new', {}],
  ['POST', '/tasks/new', 'ANY /tasks/new', {}],
  ['GET', '/tasks/7', 'GET /tasks/{id}', { id: '7' }],
  ['GET', '/tasks/7/files', 'ANY /{proxy+}', { proxy: 'tasks/7/files' }],
  ['POST', '/tasks/7', 'ANY /{proxy+}', { proxy: 'tasks/7' }],
  ['GET', '/', '$default', {}],
])('%s %s goes to %s', (method, path, key, parameters) => {
  expect(find(method, path)).toEqual([key, parameters]);
});

test.each([
  ['GET', '/callbacks'],
  ['POST', '/callbacks/'],
  ['POST', '/callback'],
])('%s %s goes nowhere where the one route is POST /callbacks', (method, path) => {
  expect(findRoute([{ key: 'POST /callbacks' }], method, path)).toBeUndefined();
});

test('refuses a key that it would get wrong', () => {
  expect(() => findRoute([{ key: 'callbacks' }], 'POST', '/')).toThrow('cannot read the route');
});
