/**
 * Whole nodes for tests: real processes in a temporary home, which leave nothing behind, not even
 * when the test's own JVM is killed.
 */
@NullMarked
package blackhole.testkit;

import org.jspecify.annotations.NullMarked;
