import { ok, type Route } from './answer.ts';
import { refuseUnknown, timeOf, within } from './query.ts';
import { badRequest } from './scale-error.ts';
import { projectOf } from './scopes.ts';
import type { Simulator } from './simulator.ts';

/** `GET /v2/projects`, which has no paging in the schema of Scale's Python client, and `GET /v2/project`. */
export function v2ProjectRoutes(simulator: Simulator): Route[] {
  const { world, views, scenario } = simulator;
  return [
    {
      method: 'GET',
      path: '/v2/projects',
      answer: ({ query }) => {
        const known = ['created_after', 'created_before'];
        refuseUnknown(query, known, scenario().ignoreUnknownFilters);
        const [after, before] = known.map((name) => timeOf(query, name));
        const projects = [...world.projects.values()]
          .filter(({ createdAt }) => within(createdAt, after, before, false))
          .map(views.projectV2);
        return ok({ projects });
      },
    },
    {
      method: 'GET',
      path: '/v2/project',
      answer: ({ query }) => {
        const project = projectOf(simulator, query);
        if (project === undefined) throw badRequest('project_id or project_name is required');
        return ok(views.projectV2(project));
      },
    },
  ];
}
