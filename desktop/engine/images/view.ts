// An image and its shares as the window sees them. Pure.
import type { Image, ImageChanges, Share } from '@imagebridge/core';
import type { ImageDetail, ImageView, Params } from '@imagebridge/desktop-contract';

/** An image without its further properties. */
export function imageView(image: Image): ImageView {
  const { properties: _, createdAt, updatedAt, checksums, tags, ...rest } = image;
  return {
    ...rest,
    checksums: { ...checksums },
    tags: { ...tags },
    ...(createdAt === undefined ? {} : { createdAt: createdAt.getTime() }),
    ...(updatedAt === undefined ? {} : { updatedAt: updatedAt.getTime() }),
  };
}

/** A share without the image's id. */
export const shareView = ({ projectId, status, createdAt }: Share): ImageDetail['shares'][number] => ({
  projectId,
  status,
  ...(createdAt === undefined ? {} : { createdAt: createdAt.getTime() }),
});

type Wanted = Params<'images.update'>['changes'];

/** What is to be changed by `updateImage`; undefined when nothing is. An empty description goes. */
export function changesOf({ active: _, description, ...rest }: Wanted): ImageChanges | undefined {
  const changes: ImageChanges = {
    ...rest,
    ...(description === undefined ? {} : { description: description === '' ? null : description }),
  };
  const named = Object.entries(changes).filter(([, value]) => value !== undefined);
  return named.length === 0 ? undefined : Object.fromEntries(named);
}

/** A name as somebody can type it who sees it: without what is invisible, and however its letters are made up. */
export const typedName = (name: string): string =>
  name
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
