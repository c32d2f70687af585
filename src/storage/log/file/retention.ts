import type { Offset } from '../../../core/event-log.ts';
import { fileHeaderBytes } from './file-header.ts';
import { deleteLogFile } from './log-folder.ts';
import { byteOf, fileOf, offsetOf } from './log-offset.ts';
import type { LogView } from './log-view.ts';

/** The log's files with the bytes each keeps, oldest first. The last is the one being written. */
async function kept(view: LogView): Promise<{ number: number; bytes: number }[]> {
  const { files } = await view.files();
  const sizes: { number: number; bytes: number }[] = [];
  for (const { file, end } of files) {
    const live = file.number === fileOf(view.end);
    const bytes = live ? byteOf(view.end) : (end ?? file.bytes);
    sizes.push({ number: file.number, bytes });
  }
  return sizes;
}

/** How many of the files, which stand in order, lie wholly before an offset; never the last. */
function filesBefore(files: readonly { number: number; bytes: number }[], before: Offset): number {
  const first = files
    .slice(0, -1)
    .findIndex(({ number, bytes }) => before < offsetOf(number, bytes));
  return first < 0 ? Math.max(0, files.length - 1) : first;
}

export async function startAfterTrim(view: LogView, before: Offset): Promise<Offset> {
  const files = await kept(view);
  const first = files[filesBefore(files, before)];
  return first ? offsetOf(first.number, fileHeaderBytes) : 0;
}

export async function trimLog(view: LogView, before: Offset): Promise<Offset> {
  const files = await kept(view);
  const gone = files.slice(0, filesBefore(files, before));
  for (const { number } of gone) await deleteLogFile(view.folder, number);
  if (gone.length > 0) view.forgetFiles();
  const first = files[gone.length];
  return first ? offsetOf(first.number, fileHeaderBytes) : 0;
}

export async function logUsage(
  view: LogView,
): Promise<{ bytes: number; oldest: number | undefined }> {
  const files = await kept(view);
  let bytes = 0;
  for (const file of files) bytes += file.bytes;
  for (const { number, bytes: size } of files) {
    if (size <= fileHeaderBytes) continue;
    const place = await view.place(offsetOf(number, fileHeaderBytes));
    if (!place) break;
    const chunk = await view.chunk(place, 64 * 1024, true);
    const first = chunk.commits.at(0);
    if (first) return { bytes, oldest: first.header.time };
  }
  return { bytes, oldest: undefined };
}

export async function offsetKeeping(view: LogView, bytes: number): Promise<Offset> {
  const files = await kept(view);
  let total = 0;
  let first: number | undefined;
  for (const file of files.reverse()) {
    total += file.bytes;
    if (first !== undefined && total > bytes) break;
    first = file.number;
  }
  return first === undefined ? 0 : offsetOf(first, fileHeaderBytes);
}
