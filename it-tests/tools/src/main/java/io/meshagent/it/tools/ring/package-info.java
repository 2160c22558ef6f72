/**
 * Where the time of a ring of tests goes: a listener in every JVM that runs tests writes down what
 * each class cost, and a report adds it up at the end of the build. Imports the JDK, JUnit's
 * launcher and {@code tools}.
 */
package io.meshagent.it.tools.ring;
