package blackhole.endpoint.call;

import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import java.util.Set;

/** The full names of what every process serves beside its own services. */
public final class PlatformServices {
  public static final Set<String> NAMES =
      Set.of(
          HealthGrpc.SERVICE_NAME,
          blackhole.health.v1.HealthGrpc.SERVICE_NAME,
          ServerReflectionGrpc.SERVICE_NAME,
          io.grpc.reflection.v1alpha.ServerReflectionGrpc.SERVICE_NAME);

  private static final String[] EACH_NAME = NAMES.toArray(new String[0]);

  private PlatformServices() {}

  /** Whether a name is that of a service which is the process's own. */
  public static boolean isOwn(String service) {
    return !NAMES.contains(service);
  }

  /**
   * The same of a method, by its full name. Asked for each call, so it takes no name apart.
   *
   * @param method {@code package.Service/Method}; what is no such name is nobody's
   */
  public static boolean isOwnMethod(String method) {
    int slash = method.lastIndexOf('/');
    if (slash < 0) {
      return false;
    }
    for (String name : EACH_NAME) {
      if (name.length() == slash && method.startsWith(name)) {
        return false;
      }
    }
    return true;
  }
}
