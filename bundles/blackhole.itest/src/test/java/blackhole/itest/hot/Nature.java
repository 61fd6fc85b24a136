package blackhole.itest.hot;

import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;

/** What a bundle of this service says of itself: the same classes are in all of them. */
final class Nature {
  private Nature() {}

  static String version() {
    return bundle().getVersion().toString();
  }

  /** What is wrong with it. */
  static boolean is(String fault) {
    return fault.equals(bundle().getHeaders("").get("Hot-Fault"));
  }

  private static Bundle bundle() {
    return FrameworkUtil.getBundle(Nature.class);
  }
}
