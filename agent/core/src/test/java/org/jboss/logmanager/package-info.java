/** Stands for JBoss's log manager in tests of what is put into its log context. */
package org.jboss.logmanager;
