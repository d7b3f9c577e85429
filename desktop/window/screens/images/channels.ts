// Channels of an image, as the marks on it tell: tags or properties, by the cloud. Pure.
import type { ImageView } from '@imagebridge/desktop-contract';

/** What an image is to a channel. */
export interface ChannelPlace {
  channel: string;
  state: 'current' | 'previous' | 'former';
}

const PREFIX = 'imagebridge_channel_';
/** Whose value is the id of the image that the marks were written to. */
const MARKED = 'imagebridge_marked';
const STATES = ['current', 'previous', 'former'] as const;

/** The channels that an image is or was in. Marks that a copy inherited do not count. */
export function channelsOf(
  { id, tags }: Pick<ImageView, 'id' | 'tags'>,
  properties: Readonly<Record<string, string>> = {},
): ChannelPlace[] {
  if (properties[MARKED] !== undefined && properties[MARKED] !== id) return [];
  return Object.entries({ ...tags, ...properties }).flatMap(([key, value]) => {
    const state = STATES.find((known) => known === value);
    return state !== undefined && key.startsWith(PREFIX)
      ? [{ channel: key.slice(PREFIX.length), state }]
      : [];
  });
}
