// The kit: accessible components in the house's look. Screens use these and no others.
export { Button, IconButton, type Look, Tip } from './button.tsx';
export { Cut } from './cut.tsx';
export { Confirm, Dialog, Drawer } from './dialog.tsx';
export {
  Checkbox,
  Field,
  NumberInput,
  SearchInput,
  SecretInput,
  Switch,
  TextArea,
  TextInput,
  useFieldIds,
} from './field.tsx';
export { useLeaving } from './leaving.tsx';
export { Menu, type MenuItem } from './menu.tsx';
export { Popover } from './popover.tsx';
export { type Roving, useRoving } from './roving.ts';
export { Segmented } from './segmented.tsx';
export { type Choice, Combobox, Select } from './select.tsx';
export {
  Badge,
  CopyButton,
  copyText,
  Empty,
  Facts,
  Loading,
  Note,
  Page,
  ProblemNote,
  Progress,
  problemText,
  type Tone,
} from './show.tsx';
export { type Column, DataTable, type Sort } from './table.tsx';
export { Tabs } from './tabs.tsx';
export { Toasts, useToast } from './toast.tsx';
export { VirtualList } from './virtual-list.tsx';
export { visible, visibleText } from './visible.ts';
