package blackhole.host;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.Bundle;
import org.osgi.framework.hooks.weaving.WeavingHook;
import org.osgi.framework.hooks.weaving.WovenClass;

/**
 * The classes that a service's bundle has come to use, so that another version can have its own of
 * them before anybody waits for it: loaded and verified, with none of its code run. Changes no
 * class. Thread-safe.
 */
final class UsedClasses implements WeavingHook {
  private static final Logger LOG = System.getLogger(UsedClasses.class.getName());

  private final String symbolicName;
  private final Set<String> names = ConcurrentHashMap.newKeySet();

  /**
   * @param symbolicName the bundle's, whatever its version
   */
  UsedClasses(String symbolicName) {
    this.symbolicName = symbolicName;
  }

  @Override
  public void weave(WovenClass woven) {
    if (symbolicName.equals(woven.getBundleWiring().getBundle().getSymbolicName())) {
      names.add(woven.getClassName());
    }
  }

  /**
   * Loads them from a bundle that is resolved; what it does not have any more is forgotten.
   *
   * @return how many there are
   */
  int loadFrom(Bundle bundle) {
    for (String name : Set.copyOf(names)) {
      try {
        // asking for these has the class verified, which is the longer part
        int unused = bundle.loadClass(name).getDeclaredConstructors().length;
      } catch (ClassNotFoundException | LinkageError e) {
        LOG.log(Level.DEBUG, "{0} has no {1}", bundle.getVersion(), name);
        names.remove(name);
      }
    }
    return names.size();
  }
}
