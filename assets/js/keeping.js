// The browser's own storage: a base of some stores, opened for each act and closed after it, so that no page holds it.
// stores   {name: options of the object store}
// returns  act(store, mode, work): what `work(store)` asked for, once the whole act is in; one that fails leaves nothing
export const keeping = (name, stores) => {
  const open = () =>
    new Promise((done, fail) => {
      const asked = indexedDB.open(name, 1);
      asked.onupgradeneeded = () =>
        Object.entries(stores).forEach(([store, options]) => asked.result.createObjectStore(store, options));
      asked.onsuccess = () => done(asked.result);
      asked.onerror = () => fail(asked.error);
    });
  return async (store, mode, work) => {
    const base = await open();
    try {
      return await new Promise((done, fail) => {
        const act = base.transaction(store, mode);
        const asked = work(act.objectStore(store));
        act.oncomplete = () => done(asked?.result);
        act.onabort = act.onerror = () => fail(act.error);
      });
    } finally {
      base.close();
    }
  };
};
