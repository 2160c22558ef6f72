/**
 * What the command line and a program that runs already say to each other: orders go with the
 * attach API, answers come back by the JVM's agent properties. Imports bootstrap, engine, hooks and
 * log.
 */
package io.meshagent.core.attach;
