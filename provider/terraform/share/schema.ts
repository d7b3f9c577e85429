// The schemas of the sharing resources. Imports the plugin framework only.
import { a, planModifiers, schema, t, validators } from '@imagebridge/terraform-plugin';
import { cloudAttribute, idAttribute, regionAttribute, timeoutsAttribute } from '../common-attributes.ts';
import { notBlank } from '../validators.ts';

const { requiresReplace, useStateForUnknown } = planModifiers;

const imageId = (description: string) =>
  a.string({ required: true, description, validators: [notBlank], planModifiers: [requiresReplace] });

const ANSWER =
  "The receiver's answer is no part of this resource, because it changes after it: see the data source " +
  '`imagebridge_members`. ';

/** An image shared with one project. */
export const shareSchema = schema({
  description:
    'Shares an image with one other project. The receiver accepts it with `imagebridge_image_share_acceptance`. ' +
    ANSWER +
    'Shares of one image that are made together are sent together. Do not use it beside `imagebridge_image_shares` of the ' +
    'same image, which removes every share that it does not list.',
  attributes: {
    id: idAttribute('`IMAGE_ID/PROJECT_ID`.'),
    image_id: imageId('Id of the image. A change replaces the share.'),
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
  },
});

/** All projects that an image is shared with. */
export const sharesSchema = schema({
  description:
    'All projects that an image is shared with. A share that somebody else has made shows as a change, and the next apply ' +
    'ends it. Destroying it ends all of them. ' +
    ANSWER +
    'Do not use it beside `imagebridge_image_share`, or a second one of these, for the same image: they would take each ' +
    "other's shares away.",
  attributes: {
    id: idAttribute('The id of the image.'),
    image_id: imageId('Id of the image. A change replaces the shares.'),
    project_ids: a.set({
      element: t.string,
      required: true,
      description:
        'Ids of the projects, in the same region; may be empty. Projects are added and removed in place, in as few calls as the ' +
        'service allows.',
      validators: [validators.each(notBlank)],
    }),
    cloud: cloudAttribute(),
    region: regionAttribute('Region of the image'),
    timeouts: timeoutsAttribute(),
  },
});

/** The receiver's side of a share. */
export const shareAcceptanceSchema = schema({
  description:
    "Accepts an image that another project has shared with this one. `cloud` is the receiver's: only the project that an image is " +
    'shared with can accept it. Destroying it rejects the share; a share that is rejected from outside is accepted again by ' +
    'the next apply.',
  attributes: {
    id: idAttribute('The id of the image.'),
    image_id: imageId(
      'Id of the shared image. Take it from the share (`imagebridge_image_share.NAME.image_id`), so that it is there first. ' +
        'A change replaces the acceptance.',
    ),
    cloud: cloudAttribute(),
    region: regionAttribute('Region of the image'),
    timeouts: timeoutsAttribute(),
    project_id: a.string({
      optional: true,
      computed: true,
      description:
        'Id of the receiving project. Where it is given, it must be the project of the credentials: a mistake is told before ' +
        'the service is asked. Default: that project.',
      validators: [notBlank],
      planModifiers: [useStateForUnknown, requiresReplace],
    }),
    status: a.string({ computed: true, description: 'The answer that the service has: `accepted`.' }),
  },
});
