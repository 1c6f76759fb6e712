import * as v from 'valibot';

import { newBatch, newProject } from './action-inputs.ts';
import type { NewBatch, NewProject } from './action-inputs.ts';
import type { Ids } from './ids.ts';
import type { Batch, Project } from './model.ts';
import { badRequest, notFound, ScaleError } from './scale-error.ts';
import type { World } from './world.ts';

/** Projects and batches: made, found by id or name, renamed. */
export interface Places {
  createProject(input: NewProject): Project;
  createBatch(input: NewBatch): Batch;
  renameProject(idOrName: string, name: string): Project;
  renameBatch(idOrName: string, name: string): Batch;
  /** Throws a 404 where there is none. */
  project(idOrName: string): Project;
  batch(idOrName: string): Batch;
  /** Where a task goes: what is not there yet is made. */
  placeOf(project: string, batch: string | undefined): { projectId: string; batchId?: string };
}

export function createPlaces(world: World, ids: Ids): Places {
  const findProject = (idOrName: string) =>
    world.projects.get(idOrName) ?? world.projectNamed(idOrName);
  const findBatch = (idOrName: string) => world.batches.get(idOrName) ?? world.batchNamed(idOrName);
  const project = (idOrName: string): Project => {
    const found = findProject(idOrName);
    if (found === undefined) throw notFound(`project ${idOrName}`);
    return found;
  };
  const batch = (idOrName: string): Batch => {
    const found = findBatch(idOrName);
    if (found === undefined) throw notFound(`batch ${idOrName}`);
    return found;
  };
  const refuseTwice = (what: string, other: { readonly id: string } | undefined): void => {
    if (other !== undefined) throw new ScaleError(409, `${what} is already used by ${other.id}`);
  };

  const createProject = (input: NewProject): Project => {
    const { id = ids.project(), name } = v.parse(newProject, input);
    refuseTwice(`the project name "${name}"`, world.projectNamed(name));
    refuseTwice(`the project id ${id}`, world.projects.get(id));
    const made = { id, name, createdAt: world.now() };
    world.putProject(made);
    return made;
  };
  const createBatch = (input: NewBatch): Batch => {
    const { id = ids.batch(), project: owner, ...rest } = v.parse(newBatch, input);
    refuseTwice(`the batch name "${rest.name}"`, world.batchNamed(rest.name));
    refuseTwice(`the batch id ${id}`, world.batches.get(id));
    const made = { id, projectId: project(owner).id, ...rest, createdAt: world.now() };
    world.putBatch(made);
    return made;
  };

  return {
    createProject,
    createBatch,
    project,
    batch,
    renameProject: (idOrName, name) => {
      refuseTwice(`the project name "${name}"`, world.projectNamed(name));
      const renamed = { ...project(idOrName), name };
      world.putProject(renamed);
      return renamed;
    },
    renameBatch: (idOrName, name) => {
      refuseTwice(`the batch name "${name}"`, world.batchNamed(name));
      const renamed = { ...batch(idOrName), name };
      world.putBatch(renamed);
      return renamed;
    },
    placeOf: (owner, group) => {
      const { id: projectId } = findProject(owner) ?? createProject({ name: owner });
      if (group === undefined) return { projectId };
      const found = findBatch(group) ?? createBatch({ name: group, project: projectId });
      if (found.projectId !== projectId) {
        throw badRequest(`batch ${group} belongs to project ${found.projectId}`);
      }
      return { projectId, batchId: found.id };
    },
  };
}
