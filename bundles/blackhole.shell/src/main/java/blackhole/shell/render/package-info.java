/** How answers look: tables, JSON, and units for people. */
@NullMarked
package blackhole.shell.render;

import org.jspecify.annotations.NullMarked;
