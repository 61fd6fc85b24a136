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
 * them before anybody waits for it: loaded and verified, with none of its author's code run. What
 * protobuf's compiler has made is initialised too, as that builds nothing but descriptors. Changes
 * no class. Thread-safe.
 */
final class UsedClasses implements WeavingHook {
  private static final Logger LOG = System.getLogger(UsedClasses.class.getName());

  /**
   * What messages and descriptors of files extend; hosts have protobuf, but do not need it here.
   */
  private static final String GENERATED = "com.google.protobuf.Generated";

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
        Class<?> type = bundle.loadClass(name);
        // asking for these has the class verified, which is the longer part
        int unused = type.getDeclaredConstructors().length;
        if (isGenerated(type)) {
          Class<?> unusedToo = Class.forName(name, true, type.getClassLoader());
        }
      } catch (ClassNotFoundException | LinkageError e) {
        LOG.log(Level.DEBUG, "{0} has no {1}", bundle.getVersion(), name);
        names.remove(name);
      }
    }
    return names.size();
  }

  private static boolean isGenerated(Class<?> type) {
    Class<?> parent = type.getSuperclass();
    return parent != null && parent.getName().startsWith(GENERATED);
  }
}
