// The data source imagebridge_images: all images that match, in order.
import type { Image } from '@imagebridge/core';
import { path } from '@imagebridge/terraform-plugin';
import { isKind } from '../core.ts';
import { defineDataSource } from '../definers.ts';
import { at } from '../diagnose.ts';
import { placeOf } from '../place.ts';
import { imagesDataSchema } from './image-schemas.ts';
import { findImages, imageState } from './search.ts';

export const imagesDataSource = defineDataSource({
  schema: imagesDataSchema,

  async read({ config, provider, signal }) {
    const cloud = await provider.cloud(placeOf(config));
    const found = await findImages(cloud, config, signal).catch((error: unknown) => {
      throw isKind(error, 'invalid-input') ? at(path('channel'), error) : error;
    });
    const images = sorted(found, config.sort ?? 'created_at:desc').slice(0, config.limit ?? undefined);
    return {
      ...config,
      region: config.region ?? cloud.region,
      ids: images.map(({ id }) => id),
      images: await Promise.all(images.map(imageState)),
    };
  },
});

/**
 * Images in an order; equal ones by their ids, so that two reads agree.
 * @param sort as the schema has it, e.g. `name:asc`
 */
export function sorted(images: readonly Image[], sort: string): Image[] {
  const [field, direction] = sort.split(':');
  const key = (image: Image): string | number => {
    if (field === 'name') return image.name;
    if (field === 'size_bytes') return image.sizeBytes ?? 0;
    return (field === 'updated_at' ? image.updatedAt : image.createdAt)?.getTime() ?? 0;
  };
  const sign = direction === 'desc' ? -1 : 1;
  return [...images].sort((x, y) => {
    const [left, right] = [key(x), key(y)];
    if (left === right) return x.id < y.id ? -1 : 1;
    return left < right ? -sign : sign;
  });
}
