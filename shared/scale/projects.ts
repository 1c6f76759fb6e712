import * as v from 'valibot';

import { jsonOf, optionalString } from './json-answer.ts';
import { get, type RequestSettings } from './request.ts';

export interface Project {
  readonly id: string | undefined;
  readonly name: string;
}

/** Reading projects. Errors: `ScaleRefusedError`, `ScaleUnavailableError`. */
export interface ProjectsApi {
  /**
   * All projects of the account, by `GET /v2/projects` (docs.genai.scale.com/v2/projects), whose page
   * shows no paging.
   */
  listProjects(): Promise<readonly Project[]>;
}

const projects = v.object({
  projects: v.array(v.object({ id: optionalString, name: v.string() })),
});

export function createProjectsApi(settings: RequestSettings): ProjectsApi {
  return {
    async listProjects() {
      const { value } = await get(settings, '/v2/projects', { read: jsonOf(projects) });
      return value.projects.map(({ id, name }) => ({ id, name }));
    },
  };
}
