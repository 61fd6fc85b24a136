package blackhole.logging;

import java.util.logging.Level;
import java.util.logging.Logger;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceFactory;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.log.LogService;
import org.osgi.service.log.LoggerFactory;

/**
 * Registers the log service, each bundle's own when it asks. It is no component, so that SCR, which
 * logs by it, need not make what it logs by; and so that no start of a host reads XML for it.
 */
public final class LoggingActivator implements BundleActivator, ServiceFactory<LogService> {
  /** That it starts is no news, at every start of a host; held here, or the level is forgotten. */
  private final Logger scr = Logger.getLogger("org.apache.felix.scr");

  @Override
  public void start(BundleContext context) {
    scr.setLevel(Level.WARNING);
    // ends with the bundle
    ServiceRegistration<?> unused =
        context.registerService(
            new String[] {LogService.class.getName(), LoggerFactory.class.getName()}, this, null);
  }

  @Override
  public void stop(BundleContext context) {}

  @Override
  public LogService getService(Bundle bundle, ServiceRegistration<LogService> registration) {
    return new BundleLogService(String.valueOf(bundle.getSymbolicName()));
  }

  @Override
  public void ungetService(
      Bundle bundle, ServiceRegistration<LogService> registration, LogService service) {}
}
