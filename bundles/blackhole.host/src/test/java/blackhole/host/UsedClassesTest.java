package blackhole.host;

import static org.assertj.core.api.Assertions.assertThat;

import blackhole.host.sample.SampleCode;
import blackhole.host.sample.SampleFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.hooks.weaving.WeavingHook;

/** What of one version is made ready in another, in a real framework. */
class UsedClassesTest {
  private static final String NAME = "sample.classes";

  @TempDir Path directory;
  private final UsedClasses used = new UsedClasses(NAME);
  private TestFramework framework;

  @BeforeEach
  void start() throws Exception {
    framework = new TestFramework(directory.resolve("framework"));
    framework.context().registerService(WeavingHook.class, used, null);
  }

  @AfterEach
  void stop() throws Exception {
    framework.close();
    System.clearProperty(SampleFile.TRACE);
    System.clearProperty(SampleCode.TRACE);
  }

  private Bundle install(String version) throws Exception {
    Path jar =
        new BundleBuilder(NAME)
            .header("Bundle-Version", version)
            .classes(SampleFile.class, SampleCode.class)
            .build(Files.createDirectories(directory.resolve(version)));
    return framework.context().installBundle("reference:" + jar.toUri());
  }

  @Test
  void generatedClassesAreInitialisedAndAnAuthorsAreNot() throws Exception {
    Bundle first = install("1.0.0");
    for (Class<?> type : new Class<?>[] {SampleFile.class, SampleCode.class}) {
      assertThat(first.loadClass(type.getName())).isNotSameAs(type);
    }
    assertThat(System.getProperty(SampleFile.TRACE)).isNull();

    assertThat(used.loadFrom(install("2.0.0"))).isEqualTo(2);

    assertThat(System.getProperty(SampleFile.TRACE)).isEqualTo("initialised");
    assertThat(System.getProperty(SampleCode.TRACE)).isNull();
  }
}
