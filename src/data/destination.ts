// Where a path leads.

const { promises } = process.getBuiltinModule('node:fs');

/** As many symbolic links, one behind the other, as Linux follows. */
const mostLinks = 40;

/** The path of the file behind symbolic links, there or not. Throws an error of code ELOOP for links that lead in a circle. */
export async function destination(path: string): Promise<string> {
  let target = path;
  for (let links = 0; links <= mostLinks; links++) {
    const present = await unlessAbsent(promises.realpath(target));
    if (present !== undefined) return present;
    const link = await unlessAbsent(promises.lstat(target));
    if (link?.isSymbolicLink() !== true) return target;
    const { dirname, isAbsolute } = process.getBuiltinModule('node:path');
    const to = await promises.readlink(target);
    target = isAbsolute(to) ? to : `${await promises.realpath(dirname(target))}/${to}`;
  }
  throw Object.assign(new Error('symbolic links that lead in a circle'), { code: 'ELOOP' });
}

/** What is found; undefined where there is nothing. */
export async function unlessAbsent<Found>(found: Promise<Found>): Promise<Found | undefined> {
  try {
    return await found;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
