# SPDX-License-Identifier: GPL-2.0-or-later
#
# Time against the number of modules. The variables "data" and "picture" are given by bench/lib.
set terminal svg size 800,560 dynamic background rgb "white" font "sans-serif,14"
set output picture
set datafile separator "\t"
set datafile missing "?"
set logscale xy
set xlabel "modules"
set ylabel "seconds (median)"
set format x "10^{%L}"
set format y "10^{%L}"
set xrange [*:*] noextend
set offsets graph 0.05, graph 0.05, 0, 0
set grid xtics ytics
set key left top reverse Left
set style data linespoints
plot data using 1:2 title "update-python-modules, cold" lw 2 pt 7 lc rgb "#0060ad", \
  data using 1:3 title "update-python-modules, nothing to do" lw 2 pt 6 lc rgb "#0060ad" dt 2, \
  data using 1:4 title "compileall, cold" lw 2 pt 5 lc rgb "#c04000", \
  data using 1:5 title "compileall, nothing to do" lw 2 pt 4 lc rgb "#c04000" dt 2
