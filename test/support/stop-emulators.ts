export default async function stopEmulators(): Promise<void> {
  for (const { close } of globalThis.emulators) await close();
}
