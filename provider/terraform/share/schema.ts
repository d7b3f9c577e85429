// The schemas of imagebridge_image_share and imagebridge_image_share_acceptance. Imports the plugin framework only.
import { a, planModifiers, schema } from '@imagebridge/terraform-plugin';
import { cloudAttribute, idAttribute, regionAttribute, timeoutsAttribute } from '../common-attributes.ts';
import { notBlank } from '../validators.ts';

const { requiresReplace, useStateForUnknown } = planModifiers;

/** An image shared with one project. */
export const shareSchema = schema({
  description:
    'Shares an image with one other project. The receiver accepts it with `imagebridge_image_share_acceptance`.',
  attributes: {
    id: idAttribute('`IMAGE_ID/PROJECT_ID`.'),
    image_id: a.string({
      required: true,
      description: 'Id of the image. A change replaces the share.',
      validators: [notBlank],
      planModifiers: [requiresReplace],
    }),
    project_id: a.string({
      required: true,
      description:
        'Id of the project that it is shared with, in the same region. A change replaces the share.',
      validators: [notBlank],
      planModifiers: [requiresReplace],
    }),
    cloud: cloudAttribute(),
    region: regionAttribute('Region of the image'),
    timeouts: timeoutsAttribute(),
    status: a.string({
      computed: true,
      description: "The receiver's answer: `pending`, `accepted` or `rejected`.",
      planModifiers: [useStateForUnknown],
    }),
  },
});

/** The receiver's side of a share. */
export const shareAcceptanceSchema = schema({
  description:
    "Accepts an image that another project has shared with this one. `cloud` is the receiver's. Destroying it rejects the share; " +
    'a share that is rejected from outside is accepted again by the next apply.',
  attributes: {
    id: idAttribute('The id of the image.'),
    image_id: a.string({
      required: true,
      description:
        'Id of the shared image. Take it from the share (`imagebridge_image_share.NAME.image_id`), so that it is there first. ' +
        'A change replaces the acceptance.',
      validators: [notBlank],
      planModifiers: [requiresReplace],
    }),
    cloud: cloudAttribute(),
    region: regionAttribute('Region of the image'),
    timeouts: timeoutsAttribute(),
    project_id: a.string({
      computed: true,
      description: 'Id of the receiving project.',
      planModifiers: [useStateForUnknown],
    }),
    status: a.string({ computed: true, description: 'The answer that the service has: `accepted`.' }),
  },
});
