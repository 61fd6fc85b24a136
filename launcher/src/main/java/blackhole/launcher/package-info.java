/**
 * The command line, and the guardian of a node: the first stage. It knows no OSGi and no gRPC, and
 * is written for a short start: few classes, and no lambdas on the way of {@code exec}.
 */
@NullMarked
package blackhole.launcher;

import org.jspecify.annotations.NullMarked;
