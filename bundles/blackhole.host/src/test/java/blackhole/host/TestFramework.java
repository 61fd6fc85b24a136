package blackhole.host;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;

/** A real framework with SCR and Config Admin; everything else comes from the test's class path. */
final class TestFramework implements AutoCloseable {
  private static final String EXPORTS =
      "org.osgi.service.component;version=1.5,"
          + "org.osgi.service.component.runtime;version=1.5,"
          + "org.osgi.service.component.runtime.dto;version=1.5,"
          + "org.osgi.service.cm;version=1.6,"
          + "org.osgi.util.promise;version=1.3,"
          + "org.osgi.util.function;version=1.2,"
          + "io.grpc;version=1.85,io.grpc.stub;version=1.85,io.grpc.protobuf;version=1.85,"
          + "com.google.protobuf;version=4.36,"
          + "blackhole.health.v1;version=1.0,blackhole.api.shell;version=1.0";

  private final Framework framework;

  TestFramework(Path storage) throws BundleException, URISyntaxException, ClassNotFoundException {
    Map<String, String> properties = new HashMap<>();
    properties.put(Constants.FRAMEWORK_STORAGE, storage.toString());
    properties.put(Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, EXPORTS);
    properties.put("felix.bootdelegation.implicit", "false");
    properties.put("felix.log.level", "0");
    framework = new FrameworkFactory().newFramework(properties);
    framework.start();
    install("org.apache.felix.cm.impl.ConfigurationManager").start();
    install("org.apache.felix.scr.impl.Activator").start();
  }

  private Bundle install(String classOfIt)
      throws BundleException, URISyntaxException, ClassNotFoundException {
    Class<?> type = Class.forName(classOfIt, false, TestFramework.class.getClassLoader());
    return context()
        .installBundle(
            "reference:" + type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  BundleContext context() {
    return framework.getBundleContext();
  }

  <T> T service(Class<T> type) {
    ServiceReference<T> reference = context().getServiceReference(type);
    return context().getService(reference);
  }

  @Override
  public void close() throws BundleException, InterruptedException {
    framework.stop();
    framework.waitForStop(20_000);
  }
}
