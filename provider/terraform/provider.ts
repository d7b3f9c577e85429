// The provider: its configuration, its resources and data sources. Starts nothing.
import { type AnyResource, type Schema, withProviderData } from '@imagebridge/terraform-plugin';
import { providerSchema } from './config/schema.ts';
import { copySchema } from './copy/schema.ts';
import { imageDataSchema } from './image/data-schema.ts';
import { imageSchema } from './image/schema.ts';
import { shareAcceptanceSchema, shareSchema } from './share/schema.ts';

const { defineProvider } = withProviderData<unknown>();

const declared = (schema: Schema): AnyResource<unknown> => ({
  schema,
  create: () => Promise.reject(new Error('This version declares its schema only.')),
  read: () => Promise.reject(new Error('This version declares its schema only.')),
  delete: () => Promise.reject(new Error('This version declares its schema only.')),
});

/** The ImageBridge provider. */
export const provider = defineProvider({
  address: 'registry.terraform.io/imagebridge/imagebridge',
  version: '0.1.0',
  schema: providerSchema,
  configure: async () => undefined,
  resources: {
    imagebridge_image: declared(imageSchema),
    imagebridge_image_share: declared(shareSchema),
    imagebridge_image_share_acceptance: declared(shareAcceptanceSchema),
    imagebridge_image_copy: declared(copySchema),
  },
  dataSources: {
    imagebridge_image: {
      schema: imageDataSchema,
      read: () => Promise.reject(new Error('This version declares its schema only.')),
    },
  },
});
