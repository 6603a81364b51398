-- The frozen profiles that respondents are assigned to.

create or replace table mixes.profile_centroids (
    version integer not null,
    stability double not null,
    position integer not null,
    profile varchar not null,
    centroid double[] not null,
    means double[] not null,
    sds double[] not null
);
comment on table mixes.profile_centroids is
'The frozen profiles that are in use: a centroid in standard deviations of the relative importances of the motives. '
'Grain: one row per profile.';
