package blackhole.itest.node;

import java.nio.file.Path;

/** Makes the bundle of the faulty service for {@code cnf/vm/cgroup2}, in the folder it names. */
final class FaultyBundle {
  private FaultyBundle() {}

  public static void main(String[] arguments) {
    System.out.println(TestBundles.faulty(Path.of(arguments[0])));
  }
}
