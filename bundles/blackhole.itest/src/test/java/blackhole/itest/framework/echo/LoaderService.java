package blackhole.itest.framework.echo;

import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Tries to load classes, and tells whether it could. */
@Component(service = BindableService.class)
public final class LoaderService implements BindableService {
  private final BundleContext context;

  @Activate
  public LoaderService(BundleContext context) {
    this.context = context;
  }

  @Override
  public ServerServiceDefinition bindService() {
    return StringMethods.service(
        "Loader", Map.of("Load", this::load, "LoadAsStranger", this::loadAsStranger));
  }

  private String load(String name) {
    return outcome(getClass().getClassLoader(), name);
  }

  /** By a bundle that imports the framework's own package and nothing else. */
  private String loadAsStranger(String name) {
    try {
      Bundle stranger =
          context.installBundle("memory:stranger", new ByteArrayInputStream(stranger()));
      try {
        stranger.start();
        return outcome(stranger.adapt(BundleWiring.class).getClassLoader(), name);
      } finally {
        stranger.uninstall();
      }
    } catch (BundleException e) {
      return e.toString();
    }
  }

  private static String outcome(ClassLoader loader, String name) {
    try {
      return "loaded " + Class.forName(name, false, loader).getName();
    } catch (ClassNotFoundException e) {
      return "not found";
    } catch (LinkageError e) {
      return e.toString();
    }
  }

  private static byte[] stranger() {
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.putValue("Bundle-ManifestVersion", "2");
    attributes.putValue("Bundle-SymbolicName", "stranger");
    attributes.putValue("Import-Package", "org.osgi.framework");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JarOutputStream jar = new JarOutputStream(bytes, manifest)) {
      jar.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
