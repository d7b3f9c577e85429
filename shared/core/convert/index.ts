// What a target cannot take is made into what it can: archives are unpacked on the way, other disk formats converted by
// qemu-img. Imports the model only.
//
// An archive as a source of an upload, without a file in between:
//
//   const head = await unpackedHead('disk.raw.xz', 64 * 1024);             // what is inside? fast, before anything else
//   const source = await openUnpacked('disk.raw.xz', { stateDir, maxUnpackedBytes: limits.maxObjectSizeBytes });
//   try {
//     const facts = await inspectSource(archiveReader(source));             // looks at the content's head and tail
//     await engine.upload(source, target);                                 // source.identity.sizeBytes, source.sha256 are known
//   } finally {
//     await source.close();
//   }
//
// node:zlib unpacks gzip, and zstd where it has it (Node 22.15); xz, bzip2 and else zstd have decoders here, because none
// of the small libraries verifies all checksums, reads all streams of a file and gives its thread time for other things.
//
// A disk image in a format that the target refuses:
//
//   const advice = conversionFor(facts, { formats: ['qcow2', 'raw'] });
//   if (advice.kind === 'refuse') throw new RefusedError({ operation, reason: advice.reason, hint: advice.hint });
//   if (advice.kind === 'convert') {
//     const qemuImg = await findQemuImg();
//     if (!qemuImg) throw new RefusedError({ operation, reason: advice.reason, hint: `Install qemu-img, or run: ${advice.command}` });
//     const { path } = await convertToSpool({ ...request, recipe: advice.recipe });
//     …                                                                     // upload `path`
//     await discardSpool(spoolDir, path);
//   }
export { openUnpacked, type UnpackedHead, unpackedHead } from './archive.ts';
export { archiveFormatOf } from './archive-file.ts';
export { archiveHeadBytes, archiveReader } from './archive-reader.ts';
export { findQemuImg } from './qemu-img.ts';
export { conversionFor, convertCommand } from './recipe.ts';
export { cleanSpool, convertToSpool, discardSpool, type SpoolCleaning } from './spool.ts';
export type * from './types.ts';
