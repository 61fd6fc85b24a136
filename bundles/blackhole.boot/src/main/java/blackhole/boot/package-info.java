/**
 * The main class of every JVM that the launcher or the orchestrator starts: sets up logging, builds
 * the framework from the class path, and hands over to the bundles. It is no bundle itself.
 */
@NullMarked
package blackhole.boot;

import org.jspecify.annotations.NullMarked;
