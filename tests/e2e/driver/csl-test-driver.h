/* SPDX-License-Identifier: GPL-3.0-or-later */
/* csl-test-driver.h: what the parts of the test driver share. */
#pragma once

#include <gtk/gtk.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* The window in front: a dialog before its parent. NULL: none is shown. */
GtkWidget *csl_test_driver_get_window (void);

/* {"do":"look", "dark":b, "contrast":b, "rtl":b, "motion":b, "scale":d}: how everything is drawn from now on; what is
 * not named is as it is for most people, except that nothing moves. Returns the answer, or NULL with @ret_error. */
JsonObject *csl_test_look_set (JsonObject *request, char **ret_error);

/* {"do":"frames"}: how many frames all windows have drawn; unchanged means that nothing moves. */
JsonObject *csl_test_look_count_frames (void);

/* {"do":"layout"}: what a person could not read or hit in the window in front and in its open popovers. */
JsonObject *csl_test_layout_check (char **ret_error);

/* {"do":"file", "path":…}: chooses @path in the file chooser @window. It is refused until the chooser has taken it in: ask
 * again. */
JsonObject *csl_test_choose_file (GtkWidget *window, const char *path, char **ret_error);

/* What a test may know of @widget. */
JsonObject *csl_test_describe (GtkWidget *widget);

/* {"focus":…, "active":…}: what has the keyboard focus in @window (without the member: nothing); does the window? */
JsonObject *csl_test_focus (GtkWidget *window);
/* {"widgets":[…]}: everything in @window that can have the focus, in the order of the tree. */
JsonObject *csl_test_stops (GtkWidget *window);

G_END_DECLS
