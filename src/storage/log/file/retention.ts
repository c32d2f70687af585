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

export async function trimLog(view: LogView, before: Offset): Promise<Offset> {
  const files = await kept(view);
  let deleted = 0;
  for (const { number, bytes } of files.slice(0, -1)) {
    if (before < offsetOf(number, bytes)) break;
    await deleteLogFile(view.folder, number);
    deleted++;
  }
  if (deleted > 0) view.forgetFiles();
  const first = files[deleted];
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
