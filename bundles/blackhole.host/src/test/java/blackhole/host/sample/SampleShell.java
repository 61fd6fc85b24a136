package blackhole.host.sample;

import blackhole.api.shell.LineExecutor;
import blackhole.api.shell.LineResult;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** A shell that appears when its bundle starts, and echoes. */
public final class SampleShell implements BundleActivator {
  @Override
  public void start(BundleContext context) {
    LineExecutor echo = (line, directory) -> new LineResult(0, line, "");
    context.registerService(LineExecutor.class, echo, null);
  }

  @Override
  public void stop(BundleContext context) {}
}
