import type { Group } from '../../model/group/group.ts';
import type { ForcedSettings } from '../run-options.ts';

/** The group with the settings that this run forces. */
export function applyForced(group: Group, forced: ForcedSettings): Group {
  if (Object.values(forced).every((value) => value === undefined)) return group;
  const { settings } = group;
  return {
    ...group,
    settings: {
      ...settings,
      mode: forced.mode ?? settings.mode,
      attachments: forced.attachments ?? settings.attachments,
      template: forced.template ?? settings.template,
      locale: forced.locale ?? settings.locale,
      timezone: forced.timezone ?? settings.timezone,
      maxAttachmentSize: forced.maxAttachmentSize ?? settings.maxAttachmentSize,
    },
  };
}
