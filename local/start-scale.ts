import { firstCallbackKey } from '../shared/platform/callback-keys.ts';
import type { Closing } from './closing.ts';
import { listen } from './listen.ts';
import { dataPath, type LocalSettings } from './settings.ts';
import { createSimulatorServer } from './simulator/simulator-server.ts';
import { createSimulator, type Simulator } from './simulator/simulator.ts';
import { openStore } from './simulator/store.ts';

/** The Scale that is mirrored: a real one where the settings name it, else the built-in simulator. */
export async function startScale(
  settings: LocalSettings,
  callbackUrl: string,
  closing: Closing,
): Promise<{ readonly url: string; readonly simulator: Simulator | undefined }> {
  if (settings.scaleApiUrl !== undefined) {
    return { url: settings.scaleApiUrl, simulator: undefined };
  }
  const file = dataPath(settings, 'simulator.db');
  const simulator = createSimulator({
    callbackUrl,
    callbackKey: firstCallbackKey(settings.callbackKeys) ?? '',
    store: file === undefined ? undefined : openStore(file),
  });
  closing.defer(() => {
    simulator.close();
  });
  const server = await listen(createSimulatorServer(simulator, settings.scaleApiKey), 0, 'PORT');
  closing.defer(server.close);
  return { url: server.url, simulator };
}
