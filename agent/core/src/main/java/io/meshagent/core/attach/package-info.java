/**
 * What the command line and a program that runs already say to each other: orders go with the
 * attach API, answers come back by the JVM's agent properties.
 *
 * <p>Imports: {@code core.api}, {@code core.engine}, {@code core.hooks}, {@code core.log}.
 */
package io.meshagent.core.attach;
