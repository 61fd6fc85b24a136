package blackhole.identity;

import blackhole.identity.call.Call;
import blackhole.testkit.TestHost;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * A process of its own that registers users, as fast as it can, and prints the name of each as soon
 * as it is acknowledged, with a token: {@code name token}, or {@code name -} if it was taken.
 */
final class RegisteringProcess {
  private RegisteringProcess() {}

  /**
   * @param arguments the data directory, what names begin with, and how many to register
   */
  public static void main(String[] arguments) throws Exception {
    IdentityCore core =
        new IdentityCore(
            new TestHost("identity", Path.of(arguments[0])), TestConfig.cheap(), Map.of());
    System.out.println("ready");
    System.in.read(); // until the test says go
    for (int i = 0; i < Integer.parseInt(arguments[2]); i++) {
      String name = arguments[1] + i;
      System.out.println(name + " " + register(core, name));
    }
    core.close();
  }

  private static String register(IdentityCore core, String name) {
    Call call = Call.within(Duration.ofSeconds(30));
    boolean registered =
        core.register(name, "password of " + name, call).handle((user, e) -> e == null).join();
    return registered ? core.authenticate(name, "password of " + name, call).join().text() : "-";
  }
}
