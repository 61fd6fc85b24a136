package blackhole.itest.framework.echo;

import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.log.FormatterLogger;
import org.osgi.service.log.LoggerFactory;

/** Logs what it is told, by everything that an author may log by. */
@Component(service = BindableService.class)
public final class LoggingService implements BindableService {
  /** Above all of its loggers. */
  public static final String LOGGERS = "talks";

  private final org.slf4j.Logger slf4j = org.slf4j.LoggerFactory.getLogger(LOGGERS + ".slf4j");
  private final System.Logger system = System.getLogger(LOGGERS + ".system");
  private final org.osgi.service.log.Logger osgi;
  private final FormatterLogger printf;

  @Activate
  public LoggingService(@Reference LoggerFactory loggers) {
    this.osgi = loggers.getLogger(LOGGERS + ".osgi");
    this.printf = loggers.getLogger(LOGGERS + ".printf", FormatterLogger.class);
  }

  @Override
  public ServerServiceDefinition bindService() {
    return StringMethods.service("Logging", Map.of("Say", this::say));
  }

  private String say(String text) {
    slf4j.warn("{} by {}", text, "slf4j");
    slf4j.trace("{} in detail", text);
    osgi.warn("{} by {}", text, "OSGi");
    osgi.trace("{} in detail", text);
    osgi.audit("{} is kept in any case", text);
    printf.warn("%s by OSGi %03d", text, 7);
    system.log(System.Logger.Level.WARNING, "{0} by the JDK", text);
    return text;
  }
}
