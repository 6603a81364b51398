# A month in R: reads a CSV and writes levels, reliabilities and mixes, with data.table and psych.
#
#     Rscript month_in_r.R answers.csv items.csv levels.csv
#
# items.csv has a row per item: item, scale, reverse (0 or 1), kind.
suppressPackageStartupMessages({library(data.table); library(psych)})
files <- commandArgs(trailingOnly = TRUE)
answers <- fread(files[1])
items <- fread(files[2])
setorder(answers, submitted)
answers <- unique(answers, by = "member", fromLast = TRUE)
for (turned in items[reverse == 1, item]) set(answers, j = turned, value = 6L - answers[[turned]])
stopifnot(all(answers[, sapply(.SD, function(x) all(is.na(x) | (x >= 1 & x <= 5))), .SDcols = items$item]))
scales <- split(items$item, items$scale)
scores <- as.data.table(lapply(scales, function(own) {
  part <- as.matrix(answers[, ..own])
  ifelse(rowSums(!is.na(part)) * 2 >= length(own), (rowMeans(part, na.rm = TRUE) - 1) * 25, NA)
}))
alphas <- sapply(scales, function(own) {
  suppressMessages(suppressWarnings(psych::alpha(as.data.frame(answers[, ..own]), warnings = FALSE)$total$raw_alpha))
})
long <- melt(cbind(group = answers$group, scores), id.vars = "group", variable.name = "scale", value.name = "score")
levels <- long[!is.na(score), .(n = .N, mean = mean(score), sd = sd(score)), by = .(group, scale)]
levels[, half := qt(.975, n - 1) * sd / sqrt(n)]
levels[, alpha := alphas[as.character(scale)]]
motives <- unique(items[kind == "motive", scale])
mix <- scores[, ..motives] - rowMeans(scores[, ..motives])
levels <- merge(levels, melt(cbind(group = answers$group, mix)[, lapply(.SD, mean, na.rm = TRUE), by = group],
                             id.vars = "group", variable.name = "scale", value.name = "mix"),
                by = c("group", "scale"), all.x = TRUE)
fwrite(levels, files[3])
