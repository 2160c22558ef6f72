/** The admin page of the JVM. Imports log and takes its pages as functions. */
package io.meshagent.core.admin;
