package blackhole.host.sample;

import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Fails on start. */
public final class BrokenActivator implements BundleActivator {
  @Override
  public void start(BundleContext context) {
    throw new UnsupportedOperationException("not on this machine");
  }

  @Override
  public void stop(BundleContext context) {}
}
