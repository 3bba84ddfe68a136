import { join } from 'node:path';
import { UserError } from '../model/user-error.ts';

/** Absolute path of something the package ships: `shipped('conf/sample')`. */
export { shippedPath as shipped } from '../report/render/shipped.ts';

/** Default paths. Folders are created when something is written into them. */
export interface Locations {
  readonly configFile: string;
  readonly configDir: string;
  readonly logFile: string;
  readonly runDir: string;
  readonly spoolDir: string;
  readonly reportsDir: string;
}

const NAME = /^[_a-zA-Z][-_a-zA-Z0-9.]*$/;

/**
 * @param root prefix of every built-in path: `APP_ROOT_PATH`, else `/`
 * @param local true where nothing is configured and everything is kept under `./var`
 * @throws UserError when the name is not valid in file names
 */
export function locationsOf(name: string, root: string | undefined, local: boolean): Locations {
  if (!NAME.test(name)) {
    throw new UserError({
      what: 'invalid name',
      where: '--name',
      got: name,
      expected: 'a letter or _, then letters, digits, _ . and -',
    });
  }
  const prefix = root ?? '/';
  const data = local && root === undefined ? 'var' : join(prefix, 'var/mentat');
  const runDir = join(data, 'run');
  return {
    configFile: join(prefix, 'etc/mentat', `${name}.conf`),
    configDir: join(prefix, 'etc/mentat/core'),
    logFile: join(data, 'log', `${name}.log`),
    runDir,
    spoolDir: join(data, 'spool'),
    reportsDir: join(data, 'reports'),
  };
}
