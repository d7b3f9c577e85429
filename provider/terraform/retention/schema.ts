// The schema of imagebridge_image_retention. Imports the plugin framework only.
import { a, check, schema, t, validators } from '@imagebridge/terraform-plugin';
import { channelName } from '../channel/schema.ts';
import { cloudAttribute, regionAttribute, timeoutsAttribute } from '../common-attributes.ts';
import { regularExpression, text } from '../data/attributes.ts';
import { notBlank, wholeNumber } from '../validators.ts';

/** What can be done to images that should go. */
export const ACTIONS = ['delete', 'deactivate', 'hide', 'deprecate'] as const;
/** Default of `min_age_days`; that of the command line. */
export const DEFAULT_MIN_AGE_DAYS = 14;

/** An age in days. */
export const daysAge = check<number>('must be a number of days from 0 on', (days) => days >= 0);

const imageAnd = (more: string) => ({
  image_id: text('Id of the image.'),
  name: text('Its name.'),
  reason: text(more),
});

/** How many images of a kind stay, and what becomes of the others. */
export const retentionSchema = schema({
  description:
    'Keeps the newest images of a kind, and retires the others. Each plan lists in `retiring` what is due by the recorded ' +
    'rules; its apply does exactly that, or less: every image is looked at again before its turn, and one that came ' +
    'meanwhile is never touched. An apply that makes or changes the rules only records them; the plan after it lists what ' +
    'is due. What is protected, `current` or `previous` in a channel, shared, public, or being made always stays. ' +
    'Destroying it retires nothing.',
  attributes: {
    id: a.string({
      computed: true,
      nonNull: true,
      description: 'The rules, as `terraform import` takes them.',
    }),
    name_prefix: a.string({
      optional: true,
      description:
        'Look at images whose name begins so. At least one of `name_prefix`, `name_regex`, `with_tags` and `channel` is ' +
        'needed; an image must match all that are given.',
      validators: [notBlank],
    }),
    name_regex: a.string({
      optional: true,
      description: 'Look at images in whose name this regular expression (JavaScript) matches.',
      validators: [regularExpression],
    }),
    with_tags: a.map({
      element: t.string,
      optional: true,
      description: 'Look at images that have these tags with these values.',
      validators: [validators.mapSize({ min: 1 })],
    }),
    channel: a.string({
      optional: true,
      description: 'Look at images that are, or were, in this channel.',
      validators: [channelName],
    }),
    keep: a.number({
      required: true,
      description:
        'So many of the newest usable images stay. Those that stay for other reasons are counted in.',
      validators: [wholeNumber()],
    }),
    min_age_days: a.number({
      optional: true,
      default: DEFAULT_MIN_AGE_DAYS,
      description: `Younger images stay; in days, also parts of them. Default ${DEFAULT_MIN_AGE_DAYS}.`,
      validators: [daysAge],
    }),
    action: a.string({
      optional: true,
      default: 'delete',
      description:
        'What is done to the others: `delete`; `deactivate`: taken out of use; `hide`: hidden from listings, and usable; ' +
        '`deprecate`: only marked. All but `delete` mark them as retired, and can be taken back (`imagebridge retire --undo`). ' +
        'Which of them a cloud knows is checked while planning. Default `delete`.',
      validators: [validators.oneOf(...ACTIONS)],
    }),
    reason: a.string({
      optional: true,
      description: 'Noted on images that are not deleted: why they should not be used any more.',
      validators: [notBlank],
    }),
    exclude_image_ids: a.list({
      element: t.string,
      optional: true,
      description: 'Ids of images that stay in any case.',
      validators: [validators.each(notBlank)],
    }),
    include_shared: a.bool({
      optional: true,
      default: false,
      description: 'True: retire also what is shared with others, or public. Default false.',
    }),
    cloud: cloudAttribute(),
    region: regionAttribute('Region of the images'),
    timeouts: timeoutsAttribute('How long looking at the images may take'),
    retiring: a.nestedList({
      computed: true,
      description: 'What the last apply that had something to retire was to retire, as its plan listed it.',
      attributes: { ...imageAnd('Why it goes.'), action: text('What is done to it.') },
    }),
    keeping: a.nestedList({
      computed: true,
      description: 'What stayed then, of the images that the rules look at.',
      attributes: imageAnd('Why it stays.'),
    }),
    outcomes: a.nestedList({
      computed: true,
      description: 'What became of each of `retiring`.',
      attributes: {
        ...imageAnd('Why it was kept after all.'),
        outcome: text(
          '`deleted`, `retired`, `gone` (it was no longer there) or `kept` (something spoke for it).',
        ),
      },
    }),
    retired_at: a.string({
      computed: true,
      description: 'When that was, as an RFC 3339 time in UTC; null where nothing was retired yet.',
    }),
  },
});
