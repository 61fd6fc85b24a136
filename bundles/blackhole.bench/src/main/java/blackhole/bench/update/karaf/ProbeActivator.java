package blackhole.bench.update.karaf;

import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Runs the probe in a thread, as a framework's start has to go on. */
public final class ProbeActivator implements BundleActivator {
  @Override
  public void start(BundleContext context) {
    Thread thread = new Thread(new Probe(context), "blackhole-probe");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void stop(BundleContext context) {}
}
