/**
 * What tests of services need. {@link blackhole.testkit.TestServer} has one in this JVM behind a
 * real socket, {@link blackhole.testkit.TestHost} and {@link blackhole.testkit.ComponentConfig}
 * stand for what a host gives it. {@link blackhole.testkit.TestNode} is a whole node: real
 * processes in a temporary home, which leave nothing behind, not even when the test's own JVM is
 * killed.
 */
@NullMarked
package blackhole.testkit;

import org.jspecify.annotations.NullMarked;
