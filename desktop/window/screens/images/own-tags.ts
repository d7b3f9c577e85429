// Tags that people have given. Pure.
import type { ImageView } from '@imagebridge/desktop-contract';

/** Marks that ImageBridge keeps as tags where an image has nothing else: they say nothing to people, and must stay. */
const MARK = /^imagebridge[-_]/;

/** The tags of an image without our marks. */
export const ownTags = ({ tags }: Pick<ImageView, 'tags'>): [key: string, value: string][] =>
  Object.entries(tags).filter(([key]) => !MARK.test(key));
