// Problems as the engine tells them: made of the core's own errors, so that each language puts them together as it would.
import {
  AuthenticationError,
  ConflictError,
  FileChangedError,
  JobFailedError,
  LocalFileError,
  PermissionError,
  QuotaError,
  RefusedError,
  UnavailableError,
} from '@imagebridge/core';
import type { Problem, TaskAction } from '@imagebridge/desktop-contract';
import { problemOf } from '../../../desktop/engine/problem.ts';

const cloud = 'huaweicloud "prod-beijing"';

/** The cloud took the file and failed later. */
export const jobFailed: Problem = problemOf(
  new JobFailedError({
    operation: 'import obs-images/ubuntu-24.04-server.qcow2 as ubuntu-24.04-server',
    cloud,
    code: 'IMG.0057',
    serviceMessage: 'not bootable',
    requestId: '3f1c9c0be2b64a1c',
    hint: 'Check that the object exists, has a supported format, and that the bucket may be read by the image service.',
  }),
);

/** Credentials that are wrong. */
export const wrongPassword: Problem = problemOf(
  new AuthenticationError({
    operation: 'sign in',
    cloud,
    httpStatus: 401,
    code: 'IAM.0011',
    serviceMessage: 'wrong password',
    requestId: '9d2a',
    hint: 'Check user, password and domain of the profile.',
  }),
);

/** Work that the service does not allow, told in words that mean harm. */
export const notAllowed = (serviceMessage: string): Problem =>
  problemOf(
    new PermissionError({
      operation: 'export image 7ca8 to exports/rocky.zvhd2',
      cloud,
      httpStatus: 403,
      code: 'IMG.0083',
      serviceMessage,
      requestId: '5b',
    }),
  );

/** The network's own page answers: its user has to sign in. */
export const signInPage: Problem = {
  ...problemOf(
    new UnavailableError({
      operation: 'upload part 12 of ubuntu-24.04-server-waiting-network.qcow2',
      cloud,
      httpStatus: 200,
      reason: 'a sign-in page of the network seems to answer instead of the cloud',
      hint: 'Open a browser and sign in to the network; the upload then goes on by itself. If there is no such page, check the endpoints of the profile.',
    }),
  ),
  kind: 'sign-in-page',
};

/** Why a path is not added. */
export const notTaken = (object: string, why: 'folder' | 'empty'): Problem => ({
  kind: 'local-file',
  ...(why === 'folder'
    ? {
        message: `${object} is a folder.`,
        hint: 'Add the image files inside it; several can be chosen at once.',
      }
    : {
        message: `${object} is empty (0 bytes).`,
        hint: 'Get the file again: nothing of it has arrived here.',
      }),
  object,
});

/** Problems of each kind that a task can stop with, and what can be done about them. */
export const PROBLEMS: readonly (readonly [Problem, TaskAction[]])[] = [
  [jobFailed, ['retry', 'remove']],
  [
    problemOf(
      new AuthenticationError({
        operation: 'sign in',
        cloud,
        httpStatus: 401,
        code: 'IAM.0011',
        serviceMessage: 'password expired',
        requestId: '9d2a',
        hint: 'Check user, password and domain of the profile.',
      }),
    ),
    ['sign-in', 'retry', 'cancel'],
  ],
  [
    problemOf(
      new PermissionError({
        operation: 'upload part 12 of debian-13.qcow2',
        cloud,
        httpStatus: 403,
        code: 'AccessDenied',
        serviceMessage: 'Access Denied',
        requestId: '0000018F',
      }),
    ),
    ['retry', 'cancel'],
  ],
  [
    problemOf(
      new FileChangedError({
        operation: 'upload windows-2022.vhd',
        cloud,
        reason: 'the file changed since its upload began: it was written on 2026-05-20',
        hint: 'Send it as it is now, from the start, or put the old file back and try again.',
      }),
    ),
    ['accept-file', 'retry', 'cancel'],
  ],
  [
    problemOf(
      new LocalFileError({ operation: 'open /media/usb/rocky-9.iso', reason: 'the file does not exist' }),
    ),
    ['locate', 'retry', 'cancel'],
  ],
  [
    problemOf(
      new QuotaError({
        operation: 'import obs-images/fedora.raw as fedora',
        cloud,
        httpStatus: 400,
        code: 'IMG.0021',
        serviceMessage: 'quota exceeded',
        requestId: '77',
        hint: 'Delete images that are no longer needed, or ask for a larger quota.',
      }),
    ),
    ['retry', 'cancel'],
  ],
  [
    problemOf(
      new ConflictError({
        operation: 'create image golden',
        cloud: 'openstack "lab"',
        reason: 'image 7ca7b4c3-0d52 has that name already',
        hint: 'Choose another name, or choose what to do with equal names.',
      }),
    ),
    ['edit', 'retry', 'remove'],
  ],
  [
    problemOf(
      new RefusedError({
        operation: 'upload base.qcow2',
        cloud,
        code: 'backing-file',
        reason: 'The image depends on another file (a backing file, base.img), which a cloud does not have.',
        hint: 'Flatten it: qemu-img convert -O qcow2 base.qcow2 flat.qcow2.',
      }),
    ),
    ['edit', 'remove'],
  ],
];
