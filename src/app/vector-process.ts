import { openModelFolder } from '../model/model-folder.ts';
import { openSentenceEncoder } from '../model/sentence-encoder.ts';

/**
 * Runs a process that answers lists of texts with their sentence vectors, or with null where there is no model: what
 * computes for seconds must not keep an API or a terminal waiting.
 *
 * @param modelDir folder of the encoder
 */
export async function runVectorProcess(child: NodeJS.Process, modelDir: string): Promise<void> {
  child.on('disconnect', () => child.exit());
  const folder = await openModelFolder(modelDir);
  const encoder = folder && (await openSentenceEncoder(folder, 'vector'));
  child.on('message', async (texts: readonly string[]) => {
    child.send?.(encoder === undefined ? null : (await encoder.encode(texts)).map(({ row }) => row));
  });
  child.send?.('ready');
}
