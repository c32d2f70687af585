/**
 * Destinations of the library that sign in with what their vendor gave to Segment as a partner, by their folder
 * in the package: the names under which the package looks for it.
 */
export const partnerCredentials: Readonly<Record<string, readonly string[]>> = {
  'amazon-amc': ['ACTIONS_AMAZON_AMC_CLIENT_ID', 'ACTIONS_AMAZON_AMC_CLIENT_SECRET'],
  'amazon-conversions-api': [
    'ACTIONS_AMAZON_CONVERSIONS_API_CLIENT_ID',
    'ACTIONS_AMAZON_CONVERSIONS_API_CLIENT_SECRET',
  ],
  apolloio: ['ACTIONS_APOLLOIO_HEADER_SECRET'],
  'aws-kinesis': ['AMAZON_KINESIS_ACTIONS_ROLE_ADDRESS', 'AMAZON_KINESIS_ACTIONS_EXTERNAL_ID'],
  'aws-s3': ['AMAZON_S3_ACTIONS_ROLE_ADDRESS', 'AMAZON_S3_ACTIONS_EXTERNAL_ID'],
  'braze-cohorts': ['BRAZE_COHORTS_PARTNER_API_KEY_EU', 'BRAZE_COHORTS_PARTNER_API_KEY_US'],
  'display-video-360': [
    'ACTIONS_DISPLAY_VIDEO_360_REFRESH_TOKEN',
    'ACTIONS_DISPLAY_VIDEO_360_CLIENT_ID',
    'ACTIONS_DISPLAY_VIDEO_360_CLIENT_SECRET',
  ],
  'dotdigital-audiences': ['DOTDIGITAL_AUDIENCES_PARTNER_SECRET'],
  'dynamic-yield-audiences': [
    'ACTIONS_DYNAMIC_YIELD_AUDIENCES_US_CLIENT_SECRET',
    'ACTIONS_DYNAMIC_YIELD_AUDIENCES_EU_CLIENT_SECRET',
  ],
  'facebook-conversions-api': ['ACTIONS_FB_CAPI_SYSTEM_USER_TOKEN'],
  'first-party-dv360': [
    'ACTIONS_FIRST_PARTY_DV360_CLIENT_ID',
    'ACTIONS_FIRST_PARTY_DV360_CLIENT_SECRET',
  ],
  'google-enhanced-conversions': [
    'ADWORDS_DEVELOPER_TOKEN',
    'GOOGLE_ENHANCED_CONVERSIONS_CLIENT_ID',
    'GOOGLE_ENHANCED_CONVERSIONS_CLIENT_SECRET',
  ],
  'linkedin-conversions': [
    'ACTIONS_LINKEDIN_CONVERSIONS_CLIENT_ID',
    'ACTIONS_LINKEDIN_CONVERSIONS_CLIENT_SECRET',
  ],
  'ms-bing-ads-audiences': ['ACTIONS_MS_BING_ADS_AUDIENCES_DEVELOPER_TOKEN'],
  s3: ['AMAZON_S3_ACTIONS_ROLE_ADDRESS', 'AMAZON_S3_ACTIONS_EXTERNAL_ID'],
  salesforce: ['SALESFORCE_CLIENT_ID', 'SALESFORCE_CLIENT_SECRET'],
  'yahoo-audiences': [
    'ACTIONS_YAHOO_AUDIENCES_TAXONOMY_CLIENT_ID',
    'ACTIONS_YAHOO_AUDIENCES_TAXONOMY_CLIENT_SECRET',
  ],
};
