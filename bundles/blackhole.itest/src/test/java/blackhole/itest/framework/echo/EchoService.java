package blackhole.itest.framework.echo;

import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Version;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** What a service's author writes: a component with settings, which answers calls. */
@Component(service = BindableService.class, configurationPid = EchoService.PID)
public final class EchoService implements BindableService {
  /** Its bundle and the PID of its settings. */
  public static final String PID = "blackhole.itest.echo";

  public static final String NAME = "blackhole.itest.echo.Echo";

  /** What {@code Linger} writes and looks for, in the directory that it is given. */
  public static final String BEGUN = "begun";

  public static final String MAY_END = "may-end";

  public @interface Config {
    String greeting() default "hello";

    long cacheSize() default 1;

    int poolSize() default 2;

    String[] peers() default {};

    boolean unservable() default false;
  }

  private final Config config;
  private final Version version;
  private final Map<String, Object> properties;

  @Activate
  public EchoService(BundleContext context, Config config, Map<String, Object> properties) {
    this.version = context.getBundle().getVersion();
    this.config = config;
    this.properties = Map.copyOf(properties);
  }

  @Override
  public ServerServiceDefinition bindService() {
    if (config.unservable()) {
      throw new IllegalStateException("unservable, as it was told");
    }
    return StringMethods.service(
        "Echo",
        Map.of(
            "Say",
            name -> version + ": " + config.greeting() + " " + name,
            "Setting",
            this::setting,
            "Linger",
            this::linger));
  }

  /** Says by a file that it has begun, and answers when there is another. */
  private String linger(String directory) {
    try {
      Files.createFile(Path.of(directory, BEGUN));
      CountDownLatch never = new CountDownLatch(1);
      while (!Files.exists(Path.of(directory, MAY_END))) {
        boolean unused = never.await(10, TimeUnit.MILLISECONDS);
      }
      return version + " lingered";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return version + " was interrupted";
    }
  }

  /** As the component's type has it, or, for any other name, as its properties have it. */
  private String setting(String name) {
    return switch (name) {
      case "typed cacheSize" -> "" + config.cacheSize();
      case "typed poolSize" -> "" + config.poolSize();
      case "typed peers" -> String.join(" ", config.peers());
      default -> String.valueOf(properties.get(name));
    };
  }
}
